"use client";

export default function Lazy() {
  return <em>lazy</em>;
}

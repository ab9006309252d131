"use client";

import { useEffect, useState } from "react";
import { createPortal } from "react-dom";

export function Counter({ name }) {
  const [count, setCount] = useState(0);
  return (
    <button type="button" id={name} onClick={() => setCount(count + 1)}>
      {name} {count}
    </button>
  );
}

/** Elements of the vendor's, of the kind that a page has in its HTML or adds later. */
export function Tags() {
  const [number, setNumber] = useState(0);
  useEffect(() => setNumber(1), []);
  return (
    <>
      {number > 0 && <img id="pixel" alt="" src={`https://tags.vendor.example/next-${number}.gif`} />}
      {number > 0 && createPortal(<strong>in a portal</strong>, document.body)}
      <button type="button" id="again" onClick={() => setNumber(number + 1)}>
        again
      </button>
    </>
  );
}

"use client";

import { start } from "portcullis";
import { useState } from "react";

const config = {
  site: { name: "Acme" },
  unclassified: "hold",
  vendors: [
    {
      id: "vendor",
      name: "Vendor",
      category: "targeting",
      hosts: ["tags.vendor.example"],
      script: "https://tags.vendor.example/loader.js",
    },
  ],
};

/** Starts consent as early as a component can: while the page is hydrated. */
export function Consent({ nonce }) {
  const [consent] = useState(() => start(config, nonce));
  if (typeof window !== "undefined") window.consent = consent;
  return null;
}

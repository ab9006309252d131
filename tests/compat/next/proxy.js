// Next's middleware: a nonce for every page, as its documentation has it; which of the two hosts is asked says
// whether the page starts Portcullis.

import { NextResponse } from "next/server";

export function proxy(request) {
  const nonce = btoa(crypto.randomUUID());
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'`,
    "style-src 'self'",
    "img-src 'self' https://tags.vendor.example",
    "frame-src https://tags.vendor.example",
    "object-src 'none'",
    "base-uri 'self'",
  ].join("; ");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-consent", String(headers.get("host").startsWith("with.")));
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

export const config = { matcher: "/((?!_next/|favicon.ico).*)" };

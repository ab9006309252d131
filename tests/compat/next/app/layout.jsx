import { headers } from "next/headers";
import Link from "next/link";
import Script from "next/script";
import { Consent } from "./consent.jsx";

export const metadata = { title: { default: "Next", template: "%s | Next" } };

export default async function Layout({ children }) {
  const asked = await headers();
  const nonce = asked.get("x-nonce");
  return (
    <html lang="en">
      <body>
        {asked.get("x-consent") === "true" && <Consent nonce={nonce} />}
        <nav>
          <Link href="/">Home</Link> <Link href="/two">Two</Link>
        </nav>
        {/* Any earlier strategy writes a preload into the HTML, which no script comes before. */}
        <Script src="https://tags.vendor.example/next.js" strategy="lazyOnload" nonce={nonce} />
        {children}
      </body>
    </html>
  );
}

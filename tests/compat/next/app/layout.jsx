import { headers } from "next/headers";
import Link from "next/link";
import Script from "next/script";
import { Consent } from "./consent.jsx";

/** Notes in which order the streamed parts appear, from the first byte on. */
const NOTE = `window.appeared = [];
new MutationObserver(() => {
  for (const id of ["waiting", "streamed"])
    if (document.getElementById(id) && !window.appeared.includes(id)) window.appeared.push(id);
}).observe(document, { childList: true, subtree: true });`;

export const metadata = { title: { default: "Next", template: "%s | Next" } };

export default async function Layout({ children }) {
  const asked = await headers();
  const nonce = asked.get("x-nonce");
  return (
    <html lang="en">
      <body>
        <script nonce={nonce} dangerouslySetInnerHTML={{ __html: NOTE }} />
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

import { Suspense } from "react";
import { Counter } from "../parts.jsx";

export const metadata = { title: "Two" };

async function send(form) {
  "use server";
  const { redirect } = await import("next/navigation");
  redirect(`/two?sent=${encodeURIComponent(form.get("text"))}`);
}

async function Slow({ said }) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return <p id="streamed">streamed {(await said).sent ?? "nothing"}</p>;
}

export default function Two({ searchParams }) {
  return (
    <main>
      <h1>Two</h1>
      <Counter name="other" />
      <form action={send}>
        <input name="text" defaultValue="ü" />
        <button type="submit" id="send">
          send
        </button>
      </form>
      <Suspense fallback={<p id="waiting">waiting</p>}>
        <Slow said={searchParams} />
      </Suspense>
    </main>
  );
}

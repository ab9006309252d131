import dynamic from "next/dynamic";
import { Suspense } from "react";
import { Counter, Tags } from "./parts.jsx";

const Lazy = dynamic(() => import("./lazy.jsx"));

async function Slow() {
  await new Promise((resolve) => setTimeout(resolve, 500));
  return (
    <p id="streamed">
      streamed <Counter name="inside" />
    </p>
  );
}

export default function Page() {
  return (
    <main>
      <h1>Home</h1>
      <Counter name="outside" />
      <Tags />
      <Lazy />
      <Suspense fallback={<p id="waiting">waiting</p>}>
        <Slow />
      </Suspense>
    </main>
  );
}

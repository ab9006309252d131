// `node --import=./tests/list.mjs tests/run.mjs FILE…` prints the name of every test, and runs none: describes are
// entered, and everything else of `node:test` does nothing.

import { register } from "node:module";

const stub = `
import { AsyncLocalStorage } from "node:async_hooks";
const within = new AsyncLocalStorage();
const path = () => within.getStore() ?? [];
const body = (given) => given.find((one) => typeof one === "function");
export const describe = (name, ...given) => within.run([...path(), name], body(given));
export const test = (name) => console.log([...path(), name].join(" › "));
export const [after, afterEach, before, beforeEach] = Array(4).fill(() => {});
export { describe as suite, test as it };
export default test;
`;
const address = `data:text/javascript,${encodeURIComponent(stub)}`;
const hooks = `export const resolve = (name, context, next) =>
  name === "node:test" ? { url: ${JSON.stringify(address)}, shortCircuit: true } : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// Trusted Types: one policy, reachable from nowhere else, that knows the loaders' exact addresses and
// admits, once, the address or text of an element that has passed the markup rule.

import type { Trust } from "./held.ts";

interface Policy {
  createScriptURL(value: string): string;
  createScript(value: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

/** Makes the policy; text where the browser has no Trusted Types, or the page does not admit it. */
export function makeTrust(): Trust {
  const admitted = new Set<string>();
  const admit = (value: string): string => {
    if (admitted.delete(value)) return value;
    throw new TypeError("not admitted by portcullis");
  };
  const rules = { createScriptURL: admit, createScript: admit };
  let policy: Policy | undefined;
  try {
    policy = (window as { trustedTypes?: Factory }).trustedTypes?.createPolicy("portcullis", rules);
  } catch {
    // The page's CSP names no policy "portcullis": where it also enforces Trusted Types, loaders fail
    // one by one, and each is reported.
  }
  return {
    url(value) {
      admitted.add(value);
      return (policy ?? rules).createScriptURL(value);
    },
    script(value) {
      admitted.add(value);
      return (policy ?? rules).createScript(value);
    },
  };
}

// A window with its own set of natives: the page, or a frame that the page's scripts can reach.

/** The global object of one document. */
export type Realm = Window & typeof globalThis;

/** Whether a document of a frame is one that only other scripts fill: it has no script of ours. */
export const isBare = (realm: Realm): boolean => /^about:/.test(realm.location.href);

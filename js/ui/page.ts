// The document, past what markup can put over its names: an `<img name="body">` is `document.body` otherwise.

export const page: Document = new Proxy(document, {
  get: (_, name) => {
    const part = Reflect.get(Document.prototype, name, document);
    return typeof part === "function" ? part.bind(document) : part;
  },
  set: (_, name, value) => Reflect.set(Document.prototype, name, value, document),
});

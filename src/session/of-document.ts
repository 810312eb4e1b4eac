/** Reads a property of the document itself. Markup such as `<img name="readyState">` hides it from `document.readyState`. */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  return Reflect.get(Document.prototype, name, document);
}

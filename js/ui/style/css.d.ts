declare module "*.css" {
  const text: string;
  export default text;
}
declare module "#glue/way-back.js" {
  /** Language → label of the floating button. */
  const labels: { readonly en: string; readonly [tag: string]: string };
  export default labels;
}

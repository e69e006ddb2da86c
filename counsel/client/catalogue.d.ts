/** The texts of the page's language. The build puts `counsel/locale/<language>.json` in its place. */
declare module "catalogue" {
  export interface Texts {
    readonly [key: string]: string | Texts;
  }
  const texts: Texts;
  export default texts;
}

/** undici's pool alone: loading the whole package takes three times as long (docs/decisions). */
declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";
  const pool: typeof Pool;
  export = pool;
}

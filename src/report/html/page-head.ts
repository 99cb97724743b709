import { markName } from "../foreign-page.ts";
import { type Html, markup } from "./html-template.ts";

/** What every page begins with: nothing of it is fetched from elsewhere, and a script only where one is named. */
export function pageHead(title: string, script?: string): Html {
  return markup`<head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="${markName}" type="image/svg+xml" />
        <link rel="stylesheet" href="style.css" />
        ${script !== undefined && markup`<script src="${script}" defer></script>`}
      </head>`;
}

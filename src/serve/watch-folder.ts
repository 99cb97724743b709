import { type FSWatcher, watch } from "node:fs";
import { sep } from "node:path";

/** Editors write a file in several steps; what comes within this time is one change. */
const quietMs = 120;
const ignored = /^(\.|node_modules$|__pycache__$|dist$|build$)|\.pyc$|~$/;

/** Calls back after files below a folder have changed, once for changes close together; `isOther` says which do not count. */
export function watchFolder(
  folder: string,
  onChange: (file: string) => void,
  isOther: (file: string) => boolean = () => false,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  const watcher: FSWatcher = watch(folder, { recursive: true }, (_, file) => {
    if (file === null || file.split(sep).some((part) => ignored.test(part)) || isOther(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(file), quietMs);
  });
  // A folder below that vanishes while it is watched is a change like any other.
  watcher.on("error", () => {});
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

/** The ids under which a run judges whether gathering hid something. They are no tests of a file, and what they ask depends on the seed. */

/** Stands where a test has its file. */
export const gatherCheckFile = "gather-check";

const begin = `${gatherCheckFile} > `;

export function gatherCheckId(operation: string): string {
  return begin + operation;
}

/** Whether an id, or what a baseline has in its place, means such a check. */
export function isGatherCheck(id: string): boolean {
  return id.startsWith(begin);
}

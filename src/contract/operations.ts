/**
 * The operations of the project's contract, by name: `input` and `output` of each, and `raw`, the record that a test may
 * pass where the input is the stage before. Empty until `tally types` has written a file that adds to it; from then on
 * `operation` and `defineConnector` know names, fields and types.
 */
// oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type -- projects add to it
export interface Operations {}

/** What `tally init` decides before anything is written: from flags, from the folder, or from answers. */
export interface InitPlan {
  readonly root: string;
  readonly model: string;
  readonly language: "python" | "typescript";
  readonly operation: string | undefined;
  readonly sample: string | undefined;
  readonly python: string | undefined;
}

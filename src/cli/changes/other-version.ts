/** Another version of the suite at hand: a ref of the repository that it comes from, or any address of a suite. */
import type { Contract } from "../../contract/contract.ts";
import { loadContract, findContract } from "../../contract/load-contract.ts";
import { outlineSuite, type SuiteOutline } from "../../delivery/changes/suite-outline.ts";
import { refFault } from "../../delivery/git/git-commit.ts";
import { openSuite } from "../../delivery/open-suite.ts";
import { tallyError } from "../../kernel/errors.ts";
import type { Arguments } from "../arguments.ts";
import { openOptions } from "../delivered/with-suite.ts";
import { isDelivered } from "../state-folder.ts";

export interface OtherVersion {
  readonly outline: SuiteOutline;
  /** It is a ref of the repository of the suite at hand, and not a suite from anywhere. */
  readonly isOwn: boolean;
}

/** What another version asks. `here` is read for a ref alone; `isTyped`: a person wrote the word on this command line. */
export async function otherVersion(
  word: string,
  here: () => Contract,
  args: Arguments,
  isTyped: boolean,
): Promise<OtherVersion> {
  const isAddress = /^[a-z][a-z0-9+.-]*:|^\.{0,2}\/|^\.\.?$|\.(tgz|tar|tar\.gz)$/i.test(word);
  const address = isAddress ? word : addressOfRef(word, here(), args);
  // The repository around the suite at hand was chosen by whoever runs this, wherever the word comes from.
  const folder = await openSuite(address, { ...openOptions(args), isTyped: isTyped || !isAddress });
  const file = findContract(folder, folder);
  if (file === undefined) throw tallyError("suite-absent", { place: word, reason: "it has no tally.toml" });
  return {
    outline: await outlineSuite(loadContract(file)),
    isOwn: !isAddress && !args.text("suite")?.startsWith("git+"),
  };
}

function addressOfRef(ref: string, { root }: Contract, args: Arguments): string {
  const reason = refFault(ref);
  if (reason !== undefined) throw tallyError("git-ref", { ref, reason });
  const suite = args.text("suite");
  if (suite?.startsWith("git+")) {
    const [repository = "", fragment = ""] = suite.split("#");
    const folder = fragment.includes(":") ? fragment.slice(fragment.indexOf(":")) : "";
    return `${repository}#${encodeURIComponent(ref)}${folder}`;
  }
  if (isDelivered(root, args))
    throw tallyError("suite-address", {
      address: suite ?? root,
      reason: `this suite is in no repository that could have "${ref}"; name the other version by its own address`,
    });
  return `git+file://${root.split("/").map(encodeURIComponent).join("/")}#${encodeURIComponent(ref)}`;
}

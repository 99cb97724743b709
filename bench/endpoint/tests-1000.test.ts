import { tests } from "./tests.ts";

tests(1000);

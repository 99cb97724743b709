void import("node:console");

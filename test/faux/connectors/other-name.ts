export default { name: "fraud", after: { inference: "extract" }, process: () => [], inference: () => [] };

enum Level {
  Low,
}

export default { process: () => [{ level: Level.Low }] };

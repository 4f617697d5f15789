/** Stages of a failover in words of a few syllables; a stage that is not here goes by its own name. */
export const stageWords: Readonly<Record<string, string>> = {
  'stage.detect.dns': 'health checks notice', 'stage.publish.dns': 'authorities get the new address', 'stage.resolve': 'resolver lets go of the old one', 'stage.detect.db': 'pilot declares it dead', 'stage.decide': 'fence and stop',
  'stage.drain': 'apply what was received', 'stage.promote': 'promote', 'stage.publish.db': 'publish the database name', 'stage.person': 'wait for a person', 'stage.lease': 'wait for the lease to run out', 'stage.runbook': 'the runbook', 'stage.fence': 'old primary refuses writes', 'stage.adopt': 'client is served again',
};

/** The ways that stages lie on, in the order they are told. */
export const ways: readonly (readonly [path: string, title: string])[] = [['dns', 'The way of the name'], ['db', 'The way of the database, meanwhile'], ['joined', 'When both are there'], ['beside', 'Beside']];

/** Accounts of the reference system's databases. They guard nothing that outlives a run: the servers stand in a network made for it. */
export const accounts = {
  root: { password: 'drill-root' },
  admin: { user: 'admin', password: 'drill-admin' },
  replication: { user: 'repl', password: 'drill-repl' },
  app: { user: 'app', password: 'drill-app' },
  schema: 'shop',
} as const;

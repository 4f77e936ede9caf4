import type { Column, Table } from '../columns.js';

/** A table as a file of the package. */
export interface Resource {
  readonly path: string;
  readonly table: Table;
}

/** datapackage.json: the data dictionary of a result directory, as a Frictionless tabular data package. */
export function dataPackage(name: string, description: string, resources: readonly Resource[]): string {
  const content = {
    profile: 'tabular-data-package',
    name: name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-'),
    description,
    resources: resources.map(({ path, table }) => ({
      profile: 'tabular-data-resource',
      name: table.name,
      path,
      title: table.title,
      description: table.description,
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      schema: {
        fields: table.columns.map(field),
        missingValues: [''],
        ...(table.primaryKey.length > 0 ? { primaryKey: table.primaryKey } : {}),
      },
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function field({ name, type, title, unit, description }: Column): object {
  return unit === ''
    ? { name, type, title, description }
    : { name, type, title, description: `${description} [${unit}]`, unit };
}

// @ts-check
/** The services behind the gateway, by the name they have in the supergraph. */
export const SERVICES = ['bulletin', 'application', 'review', 'funding', 'oversight'];

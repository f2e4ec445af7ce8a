/** A cluster as it is stored; its access only as sealed bytes. */
export interface ClusterRow {
  readonly id: string;
  readonly name: string;
  readonly simulated: boolean;
  readonly server: string;
  readonly accessKind: 'token' | 'client-certificate' | 'simulated';
  readonly insecureSkipVerify: boolean;
  readonly labels: Record<string, string>;
  readonly state: 'active' | 'removing';
  readonly reachable: boolean | null;
  readonly lastContactAt: Date | null;
  readonly lastErrorCode: string | null;
  readonly lastErrorDetail: string | null;
  readonly kubernetesVersion: string | null;
  readonly targets: number;
  readonly createdAt: Date;
  readonly version: number;
}

export interface StoredAccess {
  readonly server: string;
  readonly caCertificate: string | null;
  readonly tlsServerName: string | null;
  readonly insecureSkipVerify: boolean;
  readonly accessKind: 'token' | 'client-certificate' | 'simulated';
  readonly clientCertificate: string | null;
  readonly sealed: Buffer | null;
  readonly keyId: string | null;
}

export interface GrantRow {
  readonly environmentId: string;
  readonly environmentName: string;
  readonly namespaces: string[];
}

export interface GrantedClusterRow {
  readonly id: string;
  readonly name: string;
  readonly simulated: boolean;
  readonly reachable: boolean | null;
  readonly kubernetesVersion: string | null;
  readonly namespaces: string[];
}

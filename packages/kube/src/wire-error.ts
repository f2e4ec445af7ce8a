/**
 * What went wrong below HTTP, as a `KubeError`. Codes: Node's errors and TLS documentation
 * (nodejs.org/api/errors.html, openssl-verification-options(1)) and undici's `UND_ERR_*`.
 */
import { DialRefusedError } from '@moorage/dial';
import { ExchangeAbortedError, ExchangeTimeoutError, ReplyTooLargeError } from './exchange.js';
import { KubeError, type KubeErrorReason, type KubeOperation } from './kube-error.js';
import { LineTooLongError } from './line-splitter.js';

const reasonByCode: Readonly<Record<string, KubeErrorReason>> = {
  ECONNREFUSED: 'ConnectionRefused',
  ECONNRESET: 'ConnectionReset',
  ECONNABORTED: 'ConnectionReset',
  EPIPE: 'ConnectionReset',
  UND_ERR_SOCKET: 'ConnectionReset',
  UND_ERR_INFO: 'ConnectionReset',
  UND_ERR_DESTROYED: 'ConnectionReset',
  UND_ERR_CLOSED: 'ConnectionReset',
  ENOTFOUND: 'DnsNotFound',
  EAI_AGAIN: 'DnsNotFound',
  EHOSTUNREACH: 'HostUnreachable',
  ENETUNREACH: 'HostUnreachable',
  EHOSTDOWN: 'HostUnreachable',
  EADDRNOTAVAIL: 'HostUnreachable',
  ETIMEDOUT: 'Timeout',
  UND_ERR_CONNECT_TIMEOUT: 'Timeout',
  UND_ERR_HEADERS_TIMEOUT: 'Timeout',
  UND_ERR_BODY_TIMEOUT: 'Timeout',
  UND_ERR_HEADERS_OVERFLOW: 'ResponseTooLarge',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TlsUntrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'TlsUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TlsUntrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'TlsUntrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TlsUntrusted',
  CERT_SIGNATURE_FAILURE: 'TlsUntrusted',
  CERT_UNTRUSTED: 'TlsUntrusted',
  CERT_REJECTED: 'TlsUntrusted',
  CERT_REVOKED: 'TlsUntrusted',
  INVALID_CA: 'TlsUntrusted',
  INVALID_PURPOSE: 'TlsUntrusted',
  CERT_HAS_EXPIRED: 'TlsExpired',
  CERT_NOT_YET_VALID: 'TlsExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TlsNameMismatch',
  HOSTNAME_MISMATCH: 'TlsNameMismatch',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TlsNotSpoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'TlsNotSpoken',
  ERR_SSL_HTTP_REQUEST: 'TlsNotSpoken',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'TlsClientCertificateRefused',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'TlsClientCertificateRefused',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'TlsClientCertificateRefused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'TlsClientCertificateRefused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'TlsClientCertificateRefused',
};

const sentence: Partial<Record<KubeErrorReason, string>> = {
  ConnectionRefused: 'nothing listens at the address',
  ConnectionReset: 'the connection was closed before the reply',
  DnsNotFound: 'the host name has no address',
  HostUnreachable: 'the network does not reach the host',
  Timeout: 'no reply in time',
  Aborted: 'the call was cancelled',
  Closed: 'the client was closed',
  TlsUntrusted: 'the server’s certificate is not signed by a trusted authority',
  TlsExpired: 'the server’s certificate is not valid at this time',
  TlsNameMismatch: 'the server’s certificate is for another name',
  TlsNotSpoken: 'the server does not speak TLS there',
  TlsClientCertificateRefused: 'the server refused the client certificate',
  TlsFailed: 'the TLS handshake failed',
  NotKubernetes: 'the reply is not HTTP as Kubernetes speaks it',
  ResponseTooLarge: 'the reply is larger than allowed',
};

/** Keeps a `KubeError` as it is; names everything else. */
export function wireError(error: unknown, operation: KubeOperation): KubeError {
  if (error instanceof KubeError) return error;
  const reason = reasonOf(error);
  const message =
    error instanceof DialRefusedError ? error.message : (sentence[reason] ?? 'the call failed');
  return new KubeError({
    reason,
    operation,
    message: `${operation.verb} ${operation.path}: ${message}`,
    cause: error,
  });
}

function reasonOf(error: unknown): KubeErrorReason {
  if (error instanceof DialRefusedError) return 'AddressBlocked';
  if (error instanceof ExchangeTimeoutError) return 'Timeout';
  if (error instanceof ExchangeAbortedError) return 'Aborted';
  if (error instanceof ReplyTooLargeError || error instanceof LineTooLongError)
    return 'ResponseTooLarge';
  // Several addresses were tried: the first failure is that of the preferred one.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const code = codeOf(error);
  const known = reasonByCode[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP2_')) return http2Reason(code);
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO')
    return 'TlsFailed';
  // A refused dial or TLS failure may come wrapped.
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause);
  return 'ConnectionReset';
}

function http2Reason(code: string): KubeErrorReason {
  return code.startsWith('HPE_') ? 'NotKubernetes' : 'ConnectionReset';
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

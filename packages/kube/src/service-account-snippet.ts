/**
 * What to run instead of pasting a kubeconfig that needs a program: makes a service account with a
 * token that does not expire and prints a kubeconfig that can be pasted. The token's permissions
 * are granted separately, with the manifest that the product shows for the enabled features.
 * A Secret of type `kubernetes.io/service-account-token` because tokens of `kubectl create token`
 * end after hours (kubernetes.io/docs/concepts/configuration/secret, service account token Secrets).
 */
export const serviceAccountSnippet = `kubectl create namespace moorage-system --dry-run=client -o yaml | kubectl apply -f -
kubectl -n moorage-system create serviceaccount moorage --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata:
  name: moorage-token
  namespace: moorage-system
  annotations:
    kubernetes.io/service-account.name: moorage
EOF
until TOKEN=$(kubectl -n moorage-system get secret moorage-token -o jsonpath='{.data.token}' | base64 -d) && [ -n "$TOKEN" ]; do sleep 1; done
SERVER=$(kubectl config view --minify --raw -o jsonpath='{.clusters[0].cluster.server}')
CA=$(kubectl -n moorage-system get secret moorage-token -o jsonpath='{.data.ca\\.crt}')
cat <<EOF
apiVersion: v1
kind: Config
current-context: moorage
clusters: [{name: moorage, cluster: {server: "$SERVER", certificate-authority-data: "$CA"}}]
users: [{name: moorage, user: {token: "$TOKEN"}}]
contexts: [{name: moorage, context: {cluster: moorage, user: moorage}}]
EOF
`;

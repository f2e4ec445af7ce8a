// The API server of an older Kubernetes, for tests of what only newer ones serve:
//
//	kubernetes kube-apiserver [flags]
//
// The upstream command, unchanged. Without the other programs the build takes less than half as
// long, and what they do is tested with the current version.
package main

import (
	"fmt"
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if len(os.Args) < 2 || os.Args[1] != "kube-apiserver" {
		fmt.Fprintln(os.Stderr, "usage: kubernetes kube-apiserver [flags]")
		os.Exit(2)
	}
	command := apiserver.NewAPIServerCommand()
	os.Args = os.Args[1:]
	os.Exit(cli.Run(command))
}

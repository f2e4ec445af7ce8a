// The program of the test images: without arguments it waits to be ended, with
// `serve ADDRESS` it answers every HTTP request with its version.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

var version = "1"

func main() {
	if len(os.Args) == 3 && os.Args[1] == "serve" {
		http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, version) })
		fmt.Fprintln(os.Stderr, http.ListenAndServe(os.Args[2], nil))
		os.Exit(1)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	<-ended
}

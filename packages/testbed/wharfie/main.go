// Answers questions about registries.yaml with the loader, the regular expressions and the endpoint
// rules that K3s and RKE2 are built with: one JSON question a line on stdin, one JSON answer a line.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"regexp"

	"github.com/rancher/wharfie/pkg/registries"
	"github.com/sirupsen/logrus"
)

type question struct {
	// A registries.yaml, and images to pull with it.
	Document *string  `json:"document"`
	Images   []string `json:"images"`
	// Or a rewrite and a name.
	Pattern     string `json:"pattern"`
	Replacement string `json:"replacement"`
	Name        string `json:"name"`
}

type rewritten struct {
	Compiles bool   `json:"compiles"`
	Result   string `json:"result"`
}

func main() {
	logrus.SetOutput(io.Discard)
	directory, err := os.MkdirTemp("", "registries")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(directory)
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var asked question
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer, err := json.Marshal(answerTo(asked, directory+"/registries.yaml"))
		if err != nil {
			panic(err)
		}
		out.Write(append(answer, '\n'))
	}
}

func answerTo(asked question, path string) any {
	if asked.Document == nil {
		expression, err := regexp.Compile(asked.Pattern)
		if err != nil {
			return rewritten{false, asked.Name}
		}
		return rewritten{true, expression.ReplaceAllString(asked.Name, asked.Replacement)}
	}
	if err := os.WriteFile(path, []byte(*asked.Document), 0o600); err != nil {
		panic(err)
	}
	return registries.Probe(path, asked.Images)
}

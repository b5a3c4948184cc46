// A client that puts load on a Kubernetes API server: creates, reads, updates, lists, and many watchers. One run does all
// of it on one collection and prints a line of JSON for each phase. HTTP/1.1 over TLS, each worker with a connection of
// its own, so that two servers are measured in the same way whatever else they speak.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	url      = flag.String("url", "", "https://host:port/path of the collection")
	ca       = flag.String("ca", "", "file of the authority")
	cert     = flag.String("cert", "", "file of the client's certificate")
	key      = flag.String("key", "", "file of the client's key")
	object   = flag.String("object", "", "the object as JSON, with NAME and VALUE where those go")
	count    = flag.Int("count", 10000, "objects")
	reads    = flag.Int("reads", 20000, "reads")
	updates  = flag.Int("updates", 5000, "updates")
	lists    = flag.Int("lists", 10, "lists of the whole collection")
	workers  = flag.Int("workers", 16, "calls at a time")
	watchers = flag.Int("watchers", 1000, "watches at a time")
	changes  = flag.Int("changes", 20, "updates that all watchers hear of")
)

func main() {
	flag.Parse()
	template, err := os.ReadFile(*object)
	check(err)
	// The resourceVersion of each object.
	versions := make([]string, *count)
	body := func(index, value int, version string) []byte {
		text := strings.ReplaceAll(string(template), "NAME", name(index))
		text = strings.ReplaceAll(text, "VALUE", fmt.Sprint(value))
		return []byte(strings.Replace(text, `"VERSION"`, fmt.Sprintf("%q", version), 1))
	}
	phase("create", *count, func(client *http.Client, index int) {
		versions[index] = version(call(client, "POST", *url, body(index, 0, "")))
	})
	phase("get", *reads, func(client *http.Client, index int) {
		call(client, "GET", *url+"/"+name(index*7919%*count), nil)
	})
	phase("update", *updates, func(client *http.Client, index int) {
		// Each object is updated by one worker only: no conflicts.
		versions[index%*count] = version(
			call(client, "PUT", *url+"/"+name(index%*count), body(index%*count, index+1, versions[index%*count])))
	})
	*workers = 2
	phase("list", *lists, func(client *http.Client, _ int) { call(client, "GET", *url, nil) })
	fanOut(versions, body)
}

func name(index int) string { return fmt.Sprintf("bench-%06d", index) }

func newClient() *http.Client {
	authority, err := os.ReadFile(*ca)
	check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	pair, err := tls.LoadX509KeyPair(*cert, *key)
	check(err)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}},
		// No HTTP/2.
		TLSNextProto:       map[string]func(string, *tls.Conn) http.RoundTripper{},
		DisableCompression: true,
	}}
}

func request(method, target string, body []byte) *http.Request {
	request, err := http.NewRequest(method, target, bytes.NewReader(body))
	check(err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "bench/1")
	return request
}

func call(client *http.Client, method, target string, body []byte) []byte {
	response, err := client.Do(request(method, target, body))
	check(err)
	content, err := io.ReadAll(response.Body)
	check(err)
	response.Body.Close()
	if response.StatusCode >= 300 {
		check(fmt.Errorf("%s %s: %d %s", method, target, response.StatusCode, content))
	}
	return content
}

// version finds metadata.resourceVersion without reading all of the object.
func version(object []byte) string {
	_, rest, found := bytes.Cut(object, []byte(`"resourceVersion":"`))
	end := bytes.IndexByte(rest, '"')
	if !found || end < 0 {
		check(fmt.Errorf("no resourceVersion in %s", object))
	}
	return string(rest[:end])
}

func phase(title string, total int, work func(client *http.Client, index int)) {
	times := make([]time.Duration, total)
	var next atomic.Int64
	var group sync.WaitGroup
	cpu, begin := cpuTime(), time.Now()
	for worker := 0; worker < *workers; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			client := newClient()
			for index := int(next.Add(1)) - 1; index < total; index = int(next.Add(1)) - 1 {
				start := time.Now()
				work(client, index)
				times[index] = time.Since(start)
			}
		}()
	}
	group.Wait()
	report(title, total, time.Since(begin), times, cpuTime()-cpu)
}

// fanOut opens all watches, then updates one object some times, and waits until every watcher has heard of every update.
func fanOut(versions []string, body func(index, value int, version string) []byte) {
	var ready, done sync.WaitGroup
	ready.Add(*watchers)
	done.Add(*watchers)
	since := listVersion()
	for watcher := 0; watcher < *watchers; watcher++ {
		go func() {
			defer done.Done()
			response, err := newClient().Do(request("GET", *url+"?watch=1&timeoutSeconds=300&resourceVersion="+since, nil))
			check(err)
			defer response.Body.Close()
			ready.Done()
			lines := bufio.NewReaderSize(response.Body, 16<<10)
			for seen := 0; seen < *changes; {
				line, err := lines.ReadSlice('\n')
				check(err)
				if bytes.Contains(line, []byte(`"MODIFIED"`)) {
					seen++
				}
			}
		}()
	}
	ready.Wait()
	time.Sleep(2 * time.Second)
	client := newClient()
	cpu, begin := cpuTime(), time.Now()
	for change := 0; change < *changes; change++ {
		versions[0] = version(call(client, "PUT", *url+"/"+name(0), body(0, 1000000+change, versions[0])))
	}
	done.Wait()
	report("fan-out", *changes**watchers, time.Since(begin), nil, cpuTime()-cpu)
}

// listVersion is the version of the list itself, not of an object in it: servers differ in which comes first.
func listVersion() string {
	var list struct{ Metadata struct{ ResourceVersion string } }
	check(json.Unmarshal(call(newClient(), "GET", *url+"?limit=1", nil), &list))
	return list.Metadata.ResourceVersion
}

func report(title string, total int, elapsed time.Duration, times []time.Duration, cpu time.Duration) {
	line := map[string]any{
		"phase": title, "count": total, "seconds": elapsed.Seconds(), "per_second": float64(total) / elapsed.Seconds(),
		"client_cores": cpu.Seconds() / elapsed.Seconds(),
	}
	if len(times) > 0 {
		sort.Slice(times, func(a, b int) bool { return times[a] < times[b] })
		line["median_ms"] = times[len(times)/2].Seconds() * 1000
		line["p99_ms"] = times[len(times)*99/100].Seconds() * 1000
	}
	text, err := json.Marshal(line)
	check(err)
	fmt.Println(string(text))
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

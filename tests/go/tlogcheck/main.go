// tlogcheck checks a log of ours with Go's golang.org/x/mod/sumdb alone: nothing in it knows Tocsin.
//
//	tlogcheck log FOLDER VKEY          every entry of the log is under the signed checkpoint
//	tlogcheck proof FILE ENTRY VKEY    the .tlog-proof shows that the entry's bytes are in the log
//
// It prints the size of the tree and exits 0, or says what fails and exits 1.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

func main() {
	size, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(size)
}

func run(args []string) (int64, error) {
	switch {
	case len(args) == 3 && args[0] == "log":
		return checkLog(args[1], args[2])
	case len(args) == 4 && args[0] == "proof":
		return checkProof(args[1], args[2], args[3])
	}
	return 0, errors.New("usage: tlogcheck log FOLDER VKEY | proof FILE ENTRY VKEY")
}

// openCheckpoint verifies the note and reads origin, size and root.
func openCheckpoint(signed []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("the note is no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// tiles reads tiles where C2SP tlog-tiles puts them; sumdb's own paths name the height too.
type tiles struct{ folder string }

func (t tiles) Height() int                         { return height }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

func checkLog(folder, vkey string) (int64, error) {
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return 0, err
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return 0, err
	}
	hashes := tlog.TileHashReader(tree, tiles{folder})
	for first := int64(0); first < tree.N; first += width {
		if err := checkBundle(folder, tree, hashes, first); err != nil {
			return 0, err
		}
	}
	return tree.N, nil
}

// checkBundle holds one bundle of entries against the authenticated hashes of its leaves.
func checkBundle(folder string, tree tlog.Tree, hashes tlog.HashReader, first int64) error {
	count := tree.N - first
	if count > width {
		count = width
	}
	tile := tlog.Tile{H: height, L: -1, N: first / width, W: int(count)}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return err
	}
	indexes := make([]int64, count)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
	}
	leaves, err := hashes.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return fmt.Errorf("%s ends within entry %d", path, first+int64(i))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		if tlog.RecordHash(data[2:end]) != leaf {
			return fmt.Errorf("entry %d is not what was logged", first+int64(i))
		}
		data = data[end:]
	}
	if len(data) > 0 {
		return fmt.Errorf("%s holds more than its entries", path)
	}
	return nil
}

func checkProof(path, entryPath, vkey string) (int64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	entry, err := os.ReadFile(entryPath)
	if err != nil {
		return 0, err
	}
	head, signed, found := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, errors.New("no tlog-proof of version 1")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return 0, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(hash) != tlog.HashSize {
			return 0, fmt.Errorf("%q is no hash", line)
		}
		proof = append(proof, hashOf(hash))
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return 0, err
	}
	return tree.N, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func hashOf(data []byte) (hash tlog.Hash) {
	copy(hash[:], data)
	return hash
}

#!/bin/sh
# Makes the certificates of the faux endpoints anew (OpenSSL 3). They protect nothing: the keys are public.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

openssl ecparam -genkey -name prime256v1 -noout -out "$work/ca.key"
openssl req -x509 -new -key "$work/ca.key" -days 36500 -subj "/CN=Faux authority" -out ca.pem
openssl ecparam -genkey -name prime256v1 -noout -out server.key

mkdir "$work/db"
: >"$work/db/index.txt"
echo 01 >"$work/db/serial"
cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = faux
[faux]
database = $work/db/index.txt
serial = $work/db/serial
new_certs_dir = $work/db
default_md = sha256
policy = anything
copy_extensions = copy
unique_subject = no
[anything]
commonName = supplied
CNF

# NAME SUBJECT-ALTERNATIVE-NAME FROM TO
sign() {
	openssl req -new -key server.key -subj "/CN=$1" -addext "subjectAltName=$2" -out "$work/$1.csr"
	openssl ca -batch -config "$work/ca.cnf" -cert ca.pem -keyfile "$work/ca.key" -startdate "$3" -enddate "$4" -notext -in "$work/$1.csr" -out "$1.pem"
}
sign good "DNS:localhost,IP:127.0.0.1" 20200101000000Z 21200101000000Z
sign expired "DNS:localhost,IP:127.0.0.1" 20200101000000Z 20200201000000Z
sign wrong-host "DNS:other.test" 20200101000000Z 21200101000000Z
# Of clients: signed by the same authority, and one by nobody.
openssl ecparam -genkey -name prime256v1 -noout -out client.key
openssl req -new -key client.key -subj "/CN=client" -out "$work/client.csr"
openssl ca -batch -config "$work/ca.cnf" -cert ca.pem -keyfile "$work/ca.key" -startdate 20200101000000Z -enddate 21200101000000Z -notext -in "$work/client.csr" -out client.pem
openssl req -x509 -new -key client.key -days 36500 -subj "/CN=nobody" -out client-unknown.pem
openssl pkey -in client.key -aes256 -passout pass:faux -out client-locked.key
openssl req -x509 -new -key server.key -days 36500 -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -out self-signed.pem

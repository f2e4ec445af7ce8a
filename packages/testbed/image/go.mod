module moorage.dev/testbed/image

go 1.26.0

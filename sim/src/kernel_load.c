/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the Verilated libraries are found.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

#ifndef SDV_KERNEL_DIR
#define SDV_KERNEL_DIR "/usr/local/lib/sdvault"
#endif

enum { ANCESTORS = 4 }; /* build/tests/e2e/test lies three below build */

/* The library in this folder, or in a folder of its own name below it. */
static void *open_in(const char *folder, const char *name)
{
    char path[PATH_MAX];
    void *handle = NULL;
    int n =
        snprintf(path, sizeof(path), "%s/%s/libsdv-%s.so", folder, name, name);

    if (n > 0 && (size_t)n < sizeof(path)) {
        handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    if (handle == NULL) {
        n = snprintf(path, sizeof(path), "%s/libsdv-%s.so", folder, name);
        if (n > 0 && (size_t)n < sizeof(path)) {
            handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        }
    }
    return handle;
}

/* Beside the running program or above it, as in the build folder. */
static void *open_near_program(const char *name)
{
    char folder[PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", folder, sizeof(folder) - 16);
    void *handle = NULL;
    char *slash;

    if (n <= 0) {
        return NULL;
    }
    folder[n] = '\0';
    for (int i = 0; i < ANCESTORS && handle == NULL; i++) {
        slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder) {
            return NULL;
        }
        *slash = '\0';
        handle = open_in(folder, name);
        if (handle == NULL && i == 1) { /* installed: bin/ beside lib/ */
            const size_t end = strlen(folder);

            memcpy(folder + end, "/lib/sdvault", sizeof("/lib/sdvault"));
            handle = open_in(folder, name);
            folder[end] = '\0';
        }
    }
    return handle;
}

static void *open_library(const char *name)
{
    const char *chosen = getenv("SDV_KERNEL_DIR");
    void *handle;

    if (chosen != NULL) {
        return open_in(chosen, name); /* and nowhere else */
    }
    handle = open_near_program(name);
    return handle != NULL ? handle : open_in(SDV_KERNEL_DIR, name);
}

/* see kernel.h */
const sdv_kernel_lib *sdv_kernel_load(const char *name, void **handle)
{
    const sdv_kernel_lib *(*entry)(void);
    const sdv_kernel_lib *lib = NULL;
    void *symbol;

    *handle = open_library(name);
    if (*handle == NULL) {
        return NULL;
    }
    symbol = dlsym(*handle, SDV_KERNEL_ENTRY);
    if (symbol != NULL) {
        memcpy(&entry, &symbol, sizeof(entry)); /* ISO C forbids the cast */
        lib = entry();
    }
    if (lib == NULL || lib->abi != SDV_KERNEL_ABI) {
        sdv_kernel_unload(*handle);
        *handle = NULL;
        return NULL;
    }
    return lib;
}

/* see kernel.h */
void sdv_kernel_unload(void *handle)
{
    if (handle != NULL) {
        (void)dlclose(handle);
    }
}

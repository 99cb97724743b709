/* A port in which nothing is there yet: every call is not implemented. */
#include <stdio.h>
#include <string.h>

int main(void) {
    static char line[1 << 20];
    while (fgets(line, sizeof line, stdin)) {
        const char *id = strstr(line, "\"id\":");
        int number = 0;
        if (id) sscanf(id + 5, "%d", &number);
        printf("{\"id\":%d,\"error\":{\"type\":\"not-implemented\",\"message\":\"\"}}\n", number);
        fflush(stdout);
    }
    return 0;
}

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/** A port in which nothing is there yet: every operation is 501. */
public class Empty {
    public static void main(String[] words) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(501, -1);
            exchange.close();
        });
        server.start();
    }
}

package forge.ai.console.shell;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A file to be deployed; one that was fetched goes when this is closed.
 *
 * @param file where it lies
 * @param fetched the folder made for it
 */
record Artifact(Path file, Optional<Path> fetched) implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final long LIMIT = 2L << 30;

    /**
     * That of a path, or what a URL gives.
     *
     * @param folder what a relative path begins at
     */
    static Artifact of(String place, Path folder) throws IOException, InterruptedException {
        if (place.matches("(?i)https?://.*")) {
            return fetch(place);
        }
        Path file = place.startsWith("file:") ? Path.of(uri(place)) : folder.resolve(place);
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException("there is no file " + file);
        }
        return new Artifact(file.normalize(), Optional.empty());
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(text + " is no URL");
        }
    }

    private static Artifact fetch(String place) throws IOException, InterruptedException {
        URI uri = uri(place);
        String path = Optional.ofNullable(uri.getPath()).orElse("");
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.matches("[^/\\\\]+\\.(jar|json)")) {
            throw new InvalidRequestException("the path of the URL has to end in a file .jar or .json");
        }
        Path folder = Files.createTempDirectory("forge-deploy");
        Artifact artifact = new Artifact(folder.resolve(name), Optional.of(folder));
        try {
            download(uri, artifact.file());
            return artifact;
        } catch (IOException | InterruptedException | RuntimeException e) {
            artifact.close();
            throw e;
        }
    }

    private static void download(URI uri, Path file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER).build();
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new UnavailableException(uri.getHost() + " answered with status " + response.statusCode());
                }
                copy(body, file);
            }
        } catch (java.net.ConnectException | java.net.http.HttpTimeoutException e) {
            throw new UnavailableException(uri.getHost() + " cannot be reached");
        }
    }

    private static void copy(InputStream body, Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                total += read;
                if (total > LIMIT) {
                    throw new InvalidRequestException("what is fetched may have at most " + (LIMIT >> 30) + " GiB");
                }
                out.write(buffer, 0, read);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (fetched.isPresent()) {
            Files.deleteIfExists(file);
            Files.delete(fetched.get());
        }
    }
}

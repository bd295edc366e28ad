package forge.ai.backend.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.Cancellation;
import forge.ai.api.ForgeException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were made to do harm, from one that PyTorch wrote. */
@Timeout(60)
class TorchHostileTest {

    private final PyTorchBackend backend = new PyTorchBackend();
    private final Path model = ModelFixtures.folder("torchscript").resolve("diabetes_mlp.pt");

    @TempDir
    private Path folder;

    @Test
    void codeThatDoesNoHarmIsExecuted() throws Exception {
        Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(new long[] {1, 2}, 3, 4));
        try (LoadedModel loaded = load(forward("torch.mul(x, 2.)"))) {
            assertThat(loaded.run(inputs, Set.of(), new Cancellation())
                            .get("output_0")
                            .toFloats())
                    .containsExactly(6, 8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.save(x, \"%s\")",
                "(x).save(\"%s\", )",
                "ops.aten.save(x, \"%s\")",
                "torch.from_file(\"%s\", True, 16)",
                "getattr(x, \"sa\\x76e\")(\"%s\")",
                "ops.c10d.broadcast_(x, \"%s\")",
                "ops . rpc.rpc_sync(\"%s\")",
                "__torch__.torch.classes.dist_rpc.WorkerInfo(\"%s\", 1)"
            })
    void codeThatReachesOutsideIsRefused(String expression) {
        Path target = folder.resolve("written");

        assertThatThrownBy(() -> load(forward(expression.formatted(target))).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("code/__torch__");
        assertThat(target).doesNotExist();
    }

    /** The native compiler calls itself as deep as these go, and a process does not outlive the end of its stack. */
    @Test
    void whatNestsWithoutEndIsRefused() {
        for (String expression : new String[] {
            "(".repeat(200_000) + "x" + ")".repeat(200_000),
            "-".repeat(200_000) + "1",
            "x" + "+x".repeat(200_000),
            "[".repeat(50_000) + "]".repeat(50_000)
        }) {
            assertThatThrownBy(() -> load(forward(expression)).close())
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("nests deeper");
        }
    }

    @Test
    void dataThatNestsWithoutEndIsRefused() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, ')'});
        byte[] deeper = new byte[200_000];
        Arrays.fill(deeper, (byte) 0x85);
        pickle.writeBytes(deeper);
        pickle.write('.');

        for (String name : new String[] {"data.pkl", "constants.pkl"}) {
            assertThatThrownBy(() -> load(name, old -> pickle.toByteArray()).close())
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("nests deeper");
        }
    }

    @Test
    void dataThatHoldsItselfIsRefused() {
        // [] stored as 0, then itself put in.
        byte[] pickle = {(byte) 0x80, 2, ']', 'q', 0, 'h', 0, 'a', '.'};

        assertThatThrownBy(() -> load("data.pkl", old -> pickle).close())
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("nests deeper");
    }

    @Test
    void oldAndForeignArchivesAreRefused() {
        assertThatThrownBy(() -> load("data.pkl", "model.json").close()).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> load("version", "DATA.pkl").close()).isInstanceOf(InvalidRequestException.class);
    }

    /** With checksums that are right, so that what is in the files is what libtorch gets. */
    @Test
    void damageBehindTheChecksumsDoesNoHarm() throws Exception {
        Random random = new Random(7);
        int refused = 0;
        for (String file : new String[] {"data.pkl", "code/__torch__/___torch_mangle_18.py", "constants.pkl"}) {
            for (int round = 0; round < 60; round++) {
                try {
                    load(file, old -> damage(old, random)).close();
                } catch (ForgeException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(60);
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private Function<byte[], byte[]> forward(String expression) {
        String code = """
                class Mlp(Module):
                  __parameters__ = []
                  __buffers__ = ["mean", "std", ]
                  mean : Tensor
                  std : Tensor
                  training : bool
                  _is_full_backward_hook : Optional[bool]
                  sm : bool
                  a : __torch__.torch.nn.modules.linear.___torch_mangle_16.Linear
                  b : __torch__.torch.nn.modules.linear.___torch_mangle_17.Linear
                  def forward(self: __torch__.___torch_mangle_18.Mlp,
                    x: Tensor) -> Tensor:
                    y = %s
                    return y
                """;
        return old -> code.formatted(expression).getBytes(StandardCharsets.UTF_8);
    }

    private LoadedModel load(Function<byte[], byte[]> code) throws Exception {
        return load("code/__torch__/___torch_mangle_18.py", code);
    }

    /** The model with other content in a file of its archive. */
    private LoadedModel load(String file, Function<byte[], byte[]> change) throws Exception {
        return load(name -> name, name -> name.endsWith("/" + file) ? change : old -> old);
    }

    /** The model with another name for a file of its archive. */
    private LoadedModel load(String file, String name) throws Exception {
        return load(old -> old.endsWith("/" + file) ? old.replace(file, name) : old, old -> bytes -> bytes);
    }

    private LoadedModel load(UnaryOperator<String> names, Function<String, Function<byte[], byte[]>> contents)
            throws Exception {
        Path version = Files.createTempDirectory(folder, "model");
        try (ZipFile from = new ZipFile(model.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(version.resolve("model.pt")))) {
            to.setMethod(ZipOutputStream.STORED);
            for (ZipEntry entry : from.stream().toList()) {
                byte[] old = from.getInputStream(entry).readAllBytes();
                byte[] bytes = contents.apply(entry.getName()).apply(old);
                ZipEntry copy = new ZipEntry(names.apply(entry.getName()));
                CRC32 checksum = new CRC32();
                checksum.update(bytes);
                copy.setSize(bytes.length);
                copy.setCompressedSize(bytes.length);
                copy.setCrc(checksum.getValue());
                to.putNextEntry(copy);
                to.write(bytes);
            }
        }
        return backend.load(ModelFixtures.source(version));
    }
}

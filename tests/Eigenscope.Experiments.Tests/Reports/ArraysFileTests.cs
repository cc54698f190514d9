using Eigenscope.Experiments.Reports;
using Eigenscope.Formats;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Reports;

public sealed class ArraysFileTests
{
    [Fact]
    public void Arrays_keep_names_shapes_and_values()
    {
        using TemporaryFolder folder = new();

        ArraysFile.Write(folder["out.npz"], [new NamedArray("means", [1, 2, 3, 4, 5, 6], [2, 3]), new NamedArray("values", [0.5], [1])]);

        Assert.Equal(["means", "values"], NpzFile.Names(folder["out.npz"]));
        NpyArray means = NpzFile.Read(folder["out.npz"], "means");
        Assert.Equal([2, 3], means.Shape);
        Assert.Equal([1.0, 2, 3, 4, 5, 6], means.ToDoubles());
    }

    [Fact]
    public void A_shape_that_does_not_fit_leaves_no_file()
    {
        using TemporaryFolder folder = new();

        Assert.Throws<ArgumentException>(() => ArraysFile.Write(folder["out.npz"], [new NamedArray("means", [1, 2, 3], [2, 2])]));

        Assert.Empty(folder.Entries);
    }
}

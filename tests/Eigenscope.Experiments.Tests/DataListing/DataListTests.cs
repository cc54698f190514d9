using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.DataListing;

public sealed class DataListTests
{
    [Fact]
    public void A_folder_of_the_user_is_found_and_what_is_missing_says_how_to_get_it()
    {
        using TemporaryFolder folder = new();
        folder.Write("data/mnist/train-images-idx3-ubyte", []);
        folder.Write("data/mnist/train-labels-idx1-ubyte", []);

        DataListingResult result = (DataListingResult)DataList.Run(new RunSettings { Blas = "managed", Home = folder["home"], DataFolder = folder["data"] }).Result;

        DataListingEntry mnist = result.Datasets.Single(entry => entry.Name is "mnist");
        Assert.Equal((true, folder["data/mnist"], null), (mnist.Available, mnist.Location, mnist.LocationReason));
        DataListingEntry digits = result.Datasets.Single(entry => entry.Name is "digits");
        Assert.Equal((1797, 10, "embedded"), (digits.Samples, digits.Classes, digits.Location));
        Assert.All(result.Datasets, entry => Assert.True(entry.Available ? entry.LocationReason is null : entry.LocationReason!.Contains($"eigenscope data fetch {entry.Name}", StringComparison.Ordinal)));
    }
}

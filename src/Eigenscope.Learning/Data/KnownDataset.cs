namespace Eigenscope.Learning.Data;

/// <summary>A data set known by name: what it holds, the files it is published in, and how a folder of them is told and read.</summary>
internal sealed record KnownDataset
{
    private const string Mnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
    private const string FashionMnist = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";
    private const string Cifar = "https://www.cs.toronto.edu/~kriz/";
    private const string Svhn = "http://ufldl.stanford.edu/housenumbers/";

    /// <summary>Every data set of this kind.</summary>
    public static readonly IReadOnlyList<KnownDataset> All =
    [
        new()
        {
            Name = "mnist",
            Description = "handwritten digits (LeCun, Cortes, Burges)",
            Samples = 60_000,
            TestSamples = 10_000,
            SampleShape = [1, 28, 28],
            ClassNames = LabelEncoding.NumberedNames(10),
            Files =
            [
                Idx(Mnist, 3, 4_542, "ec29112dd5afa0611ce80d1b7f02629c", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
                Idx(Mnist, 2, 1_648_877, "9fb629c4189551a2d022fa330f9573f3", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                Idx(Mnist, 1, 28_881, "d53e105ee54ea40749a09fcbcd1e9432", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                Idx(Mnist, 0, 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            ],
            IsPresent = IdxFolder.IsPresent,
            Read = ReadIdx,
        },
        new()
        {
            Name = "fashion-mnist",
            Description = "articles of clothing (Xiao, Rasul, Vollgraf 2017)",
            Samples = 60_000,
            TestSamples = 10_000,
            SampleShape = [1, 28, 28],
            ClassNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
            Files =
            [
                Idx(FashionMnist, 3, 5_148, "bb300cfdad3c16e7a12a480ee83cd310", "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
                Idx(FashionMnist, 2, 4_422_102, "bef4ecab320f06d8554ea6380940ec79", "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                Idx(FashionMnist, 1, 29_515, "25c81989df183df01b3e8a0aad5dffbe", "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
                Idx(FashionMnist, 0, 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
            ],
            IsPresent = IdxFolder.IsPresent,
            Read = ReadIdx,
        },
        new()
        {
            Name = "cifar10",
            Aliases = ["cifar-10"],
            Description = "small photographs of ten kinds of things (Krizhevsky 2009)",
            Samples = CifarFolder.TrainingImages,
            TestSamples = CifarFolder.TestImages,
            SampleShape = [3, 32, 32],
            ClassNames = CifarFolder.ClassNames,
            Files = [new(CifarFolder.Archive, new Uri(Cifar + CifarFolder.Archive), 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530")],
            IsPresent = CifarFolder.IsPresent,
            Read = static (folder, known, _, choice) => CifarFolder.Load(folder, known.Name, choice),
        },
        new()
        {
            Name = "svhn",
            Description = "house numbers in street views, cropped digits (Netzer et al. 2011)",
            Samples = 73_257,
            TestSamples = 26_032,
            SampleShape = [3, 32, 32],
            ClassNames = SvhnFolder.ClassNames,
            Files =
            [
                new(SvhnFolder.TestFile, new Uri(Svhn + SvhnFolder.TestFile), 64_275_384, "eb5a983be6a315427106f1b164d9cef3"),
                new(SvhnFolder.TrainFile, new Uri(Svhn + SvhnFolder.TrainFile), 182_040_794, "e26dedcc434d2e4c54c9b2d4a06d8373"),
            ],
            IsPresent = SvhnFolder.IsPresent,
            Read = static (folder, known, _, choice) => SvhnFolder.Load(folder, known.Name, choice),
        },
    ];

    /// <summary>The name that <c>--data</c> takes.</summary>
    public required string Name { get; init; }

    /// <summary>Other ways to write it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public required string Description { get; init; }

    public required int Samples { get; init; }

    public required int TestSamples { get; init; }

    public required IReadOnlyList<int> SampleShape { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The published files, in the order in which they are fetched: what makes a folder count as the data set comes last, so that a fetch that was stopped leaves none that does.</summary>
    public required IReadOnlyList<RemoteFile> Files { get; init; }

    /// <summary>Names of the files, training first.</summary>
    public string FileNames => string.Join(", ", Files.Select(file => file.Name).Reverse());

    /// <summary>Whether a folder holds the training samples.</summary>
    public required Func<string, bool> IsPresent { get; init; }

    /// <summary>Reads a folder: where, what, how many samples at most, which of them.</summary>
    public required Func<string, KnownDataset, int?, SampleChoice, LoadedData> Read { get; init; }

    public static KnownDataset? Find(string name) =>
        All.FirstOrDefault(known => string.Equals(known.Name, name, StringComparison.Ordinal) || known.Aliases.Contains(name, StringComparer.Ordinal));

    /// <summary>The first folder that holds the data set, or null.</summary>
    public string? Locate(DataLocations locations) => locations.Folders
        .SelectMany(folder => Aliases.Prepend(Name), Path.Combine)
        .FirstOrDefault(folder => Directory.Exists(folder) && IsPresent(folder));

    public DataSourceInfo Describe(DataLocations locations)
    {
        string? location = Locate(locations);
        return new DataSourceInfo(Name, Description, Samples, TestSamples, SampleShape, ClassNames.Count, location, location is null ? HowToGet(locations) : null);
    }

    public string HowToGet(DataLocations locations)
    {
        string folder = locations.Folders.FirstOrDefault() is { } first ? Path.Combine(first, Name) : $"a folder {Name} under EIGENSCOPE_DATA";
        return $"run 'eigenscope data fetch {Name}', or put {FileNames} into {folder}, or give the path of the folder that holds them";
    }

    private static LoadedData ReadIdx(string folder, KnownDataset known, int? maximumSamples, SampleChoice choice) => IdxFolder.Load(folder, known.Name, known.ClassNames, maximumSamples);

    private static RemoteFile Idx(string host, int file, long bytes, string md5, string contentSha256) =>
        new(IdxFolder.FileNames[file], new Uri(host + IdxFolder.FileNames[file]), bytes, md5, contentSha256);
}

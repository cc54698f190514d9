using Eigenscope.Cli.Tests.Support;
using Eigenscope.Testing.Files;

namespace Eigenscope.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stduy", "unknown command 'stduy' (did you mean study?)")]
    [InlineData("quux", "unknown command 'quux'; expected study or ufm or deep-rfm or analyze or rfm or grok or compress or sweep or reproduce or runs or doctor or data or bench")]
    [InlineData("data", "data: expected list or fetch or verify after it")]
    [InlineData("data lst", "unknown command 'lst' of 'data' (did you mean list?)")]
    [InlineData("--colour", "unknown option '--colour'")]
    [InlineData("study --widht 3", "unknown option '--widht' of 'study' (did you mean --width?)")]
    [InlineData("study --widht=3", "unknown option '--widht' of 'study' (did you mean --width?)")]
    [InlineData("study extra", "unexpected argument 'extra' after 'study'")]
    [InlineData("study --width", "--width")]
    [InlineData("study --width 3 --width 4", "--width")]
    [InlineData("study --width many", "--width: expected a whole number, got 'many'")]
    [InlineData("study --width 1e2", "--width: expected a whole number, got '1e2'")]
    [InlineData("study --width 99999999999", "--width: expected a whole number, got '99999999999'")]
    [InlineData("study --width 0", "--width must be at least 1, got 0")]
    [InlineData("study --depth -1", "--depth must be at least 1, got -1")]
    [InlineData("study --weight-decay -1e-3", "--weight-decay must be a finite number of at least 0, got -0.001")]
    [InlineData("study --weight-decay nan", "--weight-decay: expected a finite number such as 0.5 or 5e-4, got 'nan'")]
    [InlineData("study --weight-decay Infinity", "--weight-decay: expected a finite number")]
    [InlineData("study --weight-decay 0,5", "--weight-decay: expected a finite number")]
    [InlineData("study --learning-rate 1e999", "--learning-rate: expected a finite number")]
    [InlineData("study --test-fraction 1", "--test-fraction must be a number in [0, 1), got 1")]
    [InlineData("study --activation swish", "--activation must be relu or tanh or gelu or linear, got 'swish'")]
    [InlineData("study --seed -1", "--seed: expected a whole number from 0 to 18446744073709551615, got '-1'")]
    [InlineData("study --threads 0", "--threads must be a whole number from 1 to 1024, got 0")]
    [InlineData("study --width 30000", "--width 30000 with --depth 4 gives about")]
    [InlineData("study --operators ,", "--operators must be some of hessian, gauss-newton, fisher, empirical-fisher, gradient-covariance, or none, got ','")]
    [InlineData("study --scopes ,", "--scopes must be names of parameters or layers, or patterns, by commas, got ','")]
    [InlineData("study --scopes 1.wieght", "--scopes: no parameters are named '1.wieght'")]
    [InlineData("study --optimizer lbfgs --label-smoothing 0.1", "--label-smoothing must be 0 with --optimizer lbfgs, which minimises what is measured, got 0.1")]
    [InlineData("study --epochs 2147483647", "--epochs must be at most")]
    [InlineData("study --model vgg11 --channels 2 --samples 1025", "--batch-size 128 leaves 1 of 1025 training samples for the last batch")]
    [InlineData("study --width 2000 --measure-every 1 --epochs 1000", "--measure-every must be at least")]
    [InlineData("study --depth 100000 --width 1", "--depth must be at most 1000, got 100000")]
    [InlineData("study --model resnet8 --head-depth 100000", "--head-depth must be at most 1000, got 100000")]
    [InlineData("study --model resnet8 --channels 2000000000", "--model resnet8 would have more than 2147483647 numbers")]
    [InlineData("study --model resnet8 --head-depth 2 --head-width 2000000000", "--model resnet8 would have more than 2147483647 numbers")]
    [InlineData("study --model resnet8 --width 50", "--width must be left out: it is of --model mlp, got 50")]
    [InlineData("study --model resnet8 --depth 3", "--depth must be left out: it is of --model mlp, got 3")]
    [InlineData("study --model resnet8 --no-biases", "--no-biases must be left out: it is of --model mlp")]
    [InlineData("study --model resnet8 --head-width 5", "--head-width must be left out: with --head-depth 1 the head has no hidden layer, got 5")]
    [InlineData("study --model resnet8 --head-activation tanh", "--head-activation must be left out: with --head-depth 1 the head has no hidden layer, got 'tanh'")]
    [InlineData("study --model resnet8 --dropout 0.5", "--dropout must be left out: with --head-depth 1 the head has no hidden layer, got 0.5")]
    [InlineData("study --channels 3", "--channels must be left out: it is of a convolutional --model, got 3")]
    [InlineData("study --head-depth 3", "--head-depth must be left out: it is of a convolutional --model, got 3")]
    [InlineData("study --head-width 3", "--head-width must be left out: it is of a convolutional --model, got 3")]
    [InlineData("study --head-activation tanh", "--head-activation must be left out: it is of a convolutional --model, got 'tanh'")]
    [InlineData("study --depth 1 --width 50", "--width must be left out: with --depth 1 there is no hidden layer, got 50")]
    [InlineData("study --depth 1 --activation tanh", "--activation must be left out: with --depth 1 there is no hidden layer, got 'tanh'")]
    [InlineData("study --depth 1 --dropout 0.5", "--dropout must be left out: with --depth 1 there is no hidden layer, got 0.5")]
    [InlineData("study --loss cross-entropy --targets plus-minus-one", "--targets must be left out: it is what --loss mse is measured against, got 'plus-minus-one'")]
    [InlineData("study --optimizer lbfgs --learning-rate 0.1", "--learning-rate must be left out: --optimizer lbfgs searches along lines, on all samples at once, got 0.1")]
    [InlineData("study --optimizer lbfgs --schedule steps", "--schedule must be left out: --optimizer lbfgs")]
    [InlineData("study --optimizer lbfgs --batch-size 0", "--batch-size must be left out: --optimizer lbfgs")]
    [InlineData("study --operators gauss-newton --bottom 3", "--bottom must be left out: it is of the Hessian, which --operators does not name, got 3")]
    [InlineData("study --precision float16", "--precision must be float32 or float64, got 'float16'")]
    [InlineData("study --json --quiet", "--json: expected a value, got the option --quiet")]
    [InlineData("study --data nowhere", "nowhere: unknown data set")]
    [InlineData("study --data digts", "did you mean digits?")]
    [InlineData("study --data ./nowhere.npz", "nowhere.npz: no such file or folder")]
    [InlineData("ufm --classes 1", "--classes must be at least 2, got 1")]
    [InlineData("ufm --classes 20", "--width must be at least K = 20 for --loss mse, got 16")]
    [InlineData("ufm --loss cross-entropy --classes 18", "--width must be at least K - 1 = 17 for --loss cross-entropy, got 16")]
    [InlineData("ufm --classes 6 --start hadamard", "--classes must be a power of two for --start hadamard, got 6")]
    [InlineData("ufm --classes 5 --loss cross-entropy --start low-rank", "--classes must be even for --start low-rank")]
    [InlineData("ufm --weight-decay 0", "--weight-decay must be a positive finite number (0 only for cross-entropy), got 0")]
    [InlineData("ufm --weight-decay -1e-3 --loss cross-entropy", "--weight-decay must be a finite number of at least 0, got -0.001")]
    [InlineData("ufm --feature-decay -1", "--feature-decay must be a positive finite number")]
    [InlineData("ufm --width -4", "--width must be at least 1, got -4")]
    [InlineData("ufm --depth 0", "--depth must be at least 1, got 0")]
    [InlineData("ufm --per-class 0", "--per-class must be at least 1, got 0")]
    [InlineData("ufm --per-class 2000000000", "--per-class must be small enough for a table of")]
    [InlineData("ufm --activation tanh", "--activation must be linear or relu, got 'tanh'")]
    [InlineData("ufm --start edges", "--start must be random or hadamard or dnc or low-rank or srg, got 'edges'")]
    [InlineData("ufm --start srg", "--classes must be r(r - 1)/2 with r of at least 4 (6, 10, 15, 21, …) for --start srg, whose classes are edges, got 4")]
    [InlineData("ufm --start srg --classes 6", "--activation must be relu for --start srg, got 'linear'")]
    [InlineData("ufm --hadamard-spread 0.3", "--hadamard-spread must be left out: it is of --start hadamard, got 0.3")]
    [InlineData("ufm --start hadamard --activation relu", "--start must be random, dnc or srg with a ReLU, got 'hadamard'")]
    [InlineData("ufm --learning-rate 0.1", "--learning-rate must be left out: it is a step of --optimizer gradient-descent, got 0.1")]
    [InlineData("grok --operation power", "--operation must be add or subtract or multiply or divide or all, got 'power'")]
    [InlineData("grok --kernel laplace", "--kernel must be quadratic or gaussian, got 'laplace'")]
    [InlineData("grok --modulus 2", "--modulus must be at least 3, got 2")]
    [InlineData("grok --operation divide --modulus 12", "--modulus must be a prime for --operation divide, got 12")]
    [InlineData("grok --operation all --modulus 15", "--modulus must be a prime for --operation all, got 15")]
    [InlineData("grok --modulus 300", "--modulus must be so small, or --train-fraction, that at most 23170 of the 90000 pairs are trained on, got 300")]
    [InlineData("grok --modulus 300 --train-fraction 0.01", "--modulus must be at most 299, so that the pairs and what is computed of each fit into 268,435,456 numbers, got 300")]
    [InlineData("grok --modulus 1001 --train-fraction 0.01", "--modulus must be at most 299")]
    [InlineData("grok --bandwidth 2", "--bandwidth must be left out: it is that of --kernel gaussian, got 2")]
    [InlineData("grok --kernel gaussian --bandwidth 0", "--bandwidth must be a positive finite number, got 0")]
    [InlineData("grok --ridge -1", "--ridge must be a finite number of at least 0, got -1")]
    [InlineData("grok --iterations 0", "--iterations must be at least 1, got 0")]
    [InlineData("grok --iterations 20000", "--iterations must be so small that all metrics fit into 268,435,456 numbers, got 20000")]
    [InlineData("grok --train-fraction 1", "--train-fraction must be a number in (0, 1), got 1")]
    [InlineData("grok --modulus 1 --iterations 0 --ridge -1", "--ridge must be a finite number of at least 0, got -1; --iterations must be at least 1, got 0; --modulus must be at least 3, got 1")]
    [InlineData("grok --precision float32", "--precision must be float64 here: kernel machines compute in double, got 'float32'")]
    [InlineData("ufm --starts 0", "--starts must be at least 1, got 0")]
    [InlineData("ufm --gradient-tolerance 0", "--gradient-tolerance must be a positive finite number, got 0")]
    [InlineData("deep-rfm --width 0", "--width must be at least 1, got 0")]
    [InlineData("deep-rfm --bandwidth 0", "--bandwidth must be a positive finite number, got 0")]
    [InlineData("deep-rfm --kernel rbf", "--kernel must be laplace or gaussian or power or quadratic, got 'rbf'")]
    [InlineData("deep-rfm --cauchy-scale 0.1", "--cauchy-scale must be left out: it is of --features cosine, got 0.1")]
    [InlineData("deep-rfm --samples 5", "class 5 has no samples among the first 5")]
    [InlineData("deep-rfm --layers 2.5", "--layers: expected a whole number, got '2.5'")]
    [InlineData("deep-rfm --precision float32", "--precision must be float64 here: kernel machines compute in double, got 'float32'")]
    [InlineData("rfm --ridge -1", "--ridge must be a finite number of at least 0, got -1")]
    [InlineData("rfm --ridge nan", "--ridge: expected a finite number")]
    [InlineData("rfm --iterations -1", "--iterations must be at least 0, got -1")]
    [InlineData("rfm --kernel quadratic --bandwidth 3", "--bandwidth must be left out: the quadratic kernel has none, got 3")]
    [InlineData("rfm --power 3 --kernel power", "--power must be a number in (0, 2], got 3")]
    [InlineData("rfm --memory lots", "--memory must be an amount of memory such as 4GB or 512MB, got 'lots'")]
    [InlineData("rfm --memory 1kB --threads 2", "--memory 1kB: 1438 samples on 2 threads need at least 46016 bytes")]
    [InlineData("rfm --regression", "--data digits with --regression: digits: it has classes")]
    [InlineData("rfm --load nowhere.npz", "--load nowhere.npz")]
    [InlineData("doctor --threads x", "--threads: expected a whole number, got 'x'")]
    [InlineData("data list --precision x", "--precision must be float32 or float64, got 'x'")]
    [InlineData("bench --rows nothing-like-it", "--rows: no row has the words 'nothing-like-it' in its name")]
    [InlineData("bench --precision half", "--precision must be float32 or float64, got 'half'")]
    [InlineData("bench --windows 0", "--windows must be at least 1, got 0")]
    public void A_wrong_command_line_is_refused_in_one_line(string arguments, string expected) =>
        new CommandLine().Run(arguments.Split(' ')).AssertRefused(expected);

    [Fact]
    public void All_faults_are_told_at_once() =>
        new CommandLine().Run("study", "--width", "0", "--depth", "-1").AssertRefused("--width must be at least 1, got 0", "--depth must be at least 1, got -1");

    [Fact]
    public void An_argument_is_never_read_as_the_name_of_a_file_of_arguments()
    {
        string path = _folder.Write("arguments.txt", "doctor");

        new CommandLine().Run("@" + path).AssertRefused("unknown command '@");
    }

    [Fact]
    public void An_unknown_choice_of_kernels_is_refused()
    {
        CommandLine line = new();
        line.Variables["EIGENSCOPE_BLAS"] = "mkl";

        line.Run("doctor").AssertRefused("EIGENSCOPE_BLAS must be auto, openblas or managed, got 'mkl'");
    }

    [Fact]
    public void Paths_that_cannot_be_written_are_found_before_any_work()
    {
        string file = _folder.Write("file.txt", "text");
        string[][] cases =
        [
            ["--json", _folder["missing/out.json"], "there is no folder"],
            ["--json", _folder.Path, "is a folder"],
            ["--json", Path.Combine(file, "out.json"), "there is no folder"],
            ["--arrays", _folder["missing/out.npz"], "there is no folder"],
            ["--arrays", _folder.Path, "is a folder"],
            ["--report", _folder["missing/out.html"], "there is no folder"],
            ["--report", _folder.Path, "is a folder"],
            ["--report", "-", "only --json"],
        ];
        foreach (string[] one in cases)
        {
            bool started = false;
            CommandLine line = new() { Services = new CliServices { ValidateStudy = (_, _) => started = true, Study = (_, _, _, _, _) => Work(ref started) } };

            line.Run("study", one[0], one[1]).AssertRefused(one[0], one[1], one[2]);

            Assert.False(started);
        }
        Assert.Equal(["file.txt"], _folder.Entries);
    }

    [Theory]
    [InlineData("study", "--json", "--arrays")]
    [InlineData("study", "--json", "--report")]
    [InlineData("ufm", "--arrays", "--report")]
    [InlineData("rfm", "--save", "--json")]
    [InlineData("deep-rfm", "--report", "--save")]
    [InlineData("grok", "--arrays", "--report")]
    public void Two_results_need_two_files(string command, string first, string second) =>
        new CommandLine().Run(command, first, _folder["out"], second, _folder["out"]).AssertRefused(first, second);

    [Fact]
    public void The_page_never_overwrites_the_data()
    {
        string data = _folder.Write("data.csv", "1,0\n2,1\n");

        new CommandLine().Run("study", "--data", data, "--report", data).AssertRefused("--report", "another file than the data");

        Assert.Equal("1,0\n2,1\n", File.ReadAllText(data));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--arrays")]
    [InlineData("--report")]
    [InlineData("--save")]
    public void No_result_overwrites_the_machine_that_is_loaded(string option)
    {
        string machine = _folder.Write("machine.npz", "kept");

        new CommandLine().Run("rfm", "--load", machine, option, Path.Combine(_folder[""], ".", "machine.npz")).AssertRefused(option, "another file than the machine that is loaded");

        Assert.Equal("kept", File.ReadAllText(machine));
    }

    [Fact]
    public void Commands_that_measure_nothing_write_no_page() => new CommandLine().Run("doctor", "--report", _folder["out.html"]).AssertRefused("--report");

    private static Experiments.Reports.Report Work(ref bool started)
    {
        started = true;
        return Reports.Create();
    }
}

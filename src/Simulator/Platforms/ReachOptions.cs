namespace DispatchCenter.Simulator.Platforms;

/// <summary>A run against played platforms.</summary>
/// <param name="Calls">How many whistles are blown.</param>
/// <param name="Faults">The share of requests that a platform handles badly.</param>
/// <param name="Kills">How often the server is killed in the middle.</param>
/// <param name="Program">The server's DispatchCenter.Web.dll.</param>
internal sealed record ReachOptions(int Calls, double Faults, int Kills, int Seed, string Program)
{
    /// <summary>Whistles a second.</summary>
    public const double Rate = 8;

    /// <summary>Whistles a team: a member is written to by an application 30 times a minute at most.</summary>
    public const int CallsPerTeam = 25;

    /// <summary>The server that was built beside this program, in the same configuration.</summary>
    public static string BuiltProgram
    {
        get
        {
            var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)); // …/Simulator/bin/Release/net10.0
            return Path.GetFullPath(Path.Combine(own.FullName, "..", "..", "..", "..", "Web", "bin", own.Parent!.Name, own.Name, "DispatchCenter.Web.dll"));
        }
    }

    /// <summary>A team has somebody off duty and somebody to answer, so there are two at least.</summary>
    public const int FewestTeams = 2;
}

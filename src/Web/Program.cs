using DispatchCenter.Hub;
using DispatchCenter.Web;

// Commands of an administrator; everything else is the server.
try
{
    return args switch
    {
        ["import", "street", var folder, .. var settings] when AreSettings(settings) => await Commands.ImportStreetAsync(folder, settings),
        ["import", "standards", var file, .. var settings] when AreSettings(settings) => await Commands.ImportStandardsAsync(file, settings),
        ["import", "policy", var file, .. var settings] when AreSettings(settings) => await Commands.ImportPolicyAsync(file, settings),
        ["import", "roster", var file, .. var settings] when AreSettings(settings) => await Commands.ImportRosterAsync(file, settings),
        ["import", "holidays", var file, .. var settings] when AreSettings(settings) => await Commands.ImportHolidaysAsync(file, settings),
        ["import", "staff", var file, .. var settings] when AreSettings(settings) => await Commands.ImportStaffAsync(file, settings),
        ["admin", "create", var name, .. var settings] when AreSettings(settings) => await Commands.CreateAdminAsync(name, settings),
        ["restored", .. var settings] when AreSettings(settings) => await Commands.RestoredAsync(settings),
        ["import", ..] or ["admin", ..] or ["restored", ..] => Commands.Usage(),
        _ => await Server.RunAsync(args),
    };
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

static bool AreSettings(string[] arguments) => arguments.All(a => a.StartsWith("--", StringComparison.Ordinal));

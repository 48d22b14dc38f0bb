using DispatchCenter.Hub;
using DispatchCenter.Web;

// Commands of an administrator; everything else is the server.
try
{
    return args switch
    {
        ["import", "street", var folder, .. var settings] when AreSettings(settings) => await Commands.ImportStreetAsync(folder, args),
        ["import", "standards", var file, .. var settings] when AreSettings(settings) => await Commands.ImportStandardsAsync(file, args),
        ["import", "policy", var file, .. var settings] when AreSettings(settings) => await Commands.ImportPolicyAsync(file, args),
        ["import", "roster", var file, .. var settings] when AreSettings(settings) => await Commands.ImportRosterAsync(file, args),
        ["import", "holidays", var file, .. var settings] when AreSettings(settings) => await Commands.ImportHolidaysAsync(file, args),
        ["import", "staff", var file, .. var settings] when AreSettings(settings) => await Commands.ImportStaffAsync(file, args),
        ["admin", "create", var name, .. var settings] when AreSettings(settings) => await Commands.CreateAdminAsync(name, args),
        ["import", ..] or ["admin", ..] => Commands.Usage(),
        _ => await Server.RunAsync(args),
    };
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

static bool AreSettings(string[] arguments) => arguments.All(a => a.StartsWith("--", StringComparison.Ordinal));

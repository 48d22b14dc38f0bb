using DispatchCenter.Hub;
using DispatchCenter.Web;

// Commands of an administrator; everything else is the server.
try
{
    return args switch
    {
        ["import", "street", var folder] => await Commands.ImportStreetAsync(folder, args),
        ["admin", "create", var name] => await Commands.CreateAdminAsync(name, args),
        ["import", ..] or ["admin", ..] => Commands.Usage(),
        _ => await Server.RunAsync(args),
    };
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
